/**
 * For how long a body is likely to be needed, as far as whoever stores it knows. The journal lets those of a kind lie together
 * when it moves them, so that what goes within minutes and what stays for a year don't hold each other's space; nothing else
 * hangs on it, and a wrong guess costs space or a copy.
 *
 * - 0: until somebody is done with it, or not for long: messages of queues, runs of records that will be packed
 * - 1: up to two days
 * - 2: up to a month
 * - 3: longer
 */
export type Lifetime = 0 | 1 | 2 | 3
