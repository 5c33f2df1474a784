/** What the exit code of `millrace` says; listed in docs/guides/operate.md. */
export const EXIT = {
  done: 0,
  /** The command could not do its work, for a reason that has no code of its own. */
  failed: 1,
  /** Unknown command or option, bad setting. */
  usage: 2,
  /** The address can't be listened on. */
  address: 3,
  /** The data directory is in use, or can't be read or written. */
  directory: 4,
  /** The journal is damaged or of a newer version, or a repair would lose something and was not told to. */
  journal: 5,
  /** The clock is too far from the journal's last time. */
  clock: 6,
  /** A mistake in Millrace (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** The journal failed while serving (EX_IOERR of sysexits.h). A supervisor may start it again: recovery is safe. */
  storage: 74,
} as const
