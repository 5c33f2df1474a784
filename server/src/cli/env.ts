import { readRootKey } from '../auth/root-key-file.ts'
import type { Config } from '../config/config.ts'
import { exportLines, type Shell } from './client-environment.ts'
import { clientUrl } from './client-url.ts'
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/**
 * Prints the lines that let AWS clients use the server of these settings; resolves with the exit code. The key is read
 * from the data directory, so that the server need not run.
 */
export async function env(config: Config, shell: Shell, terminal: Terminal): Promise<number> {
  if (config.port === 0) {
    terminal.complain(
      'millrace: --port 0 was chosen by the system when the server started; give the port that it printed',
    )
    return EXIT.usage
  }
  const url = clientUrl(config)
  // Without authentication any key does, but clients refuse to start with none.
  const pair = config.auth
    ? await readRootKey(config.dataDirectory)
    : { accessKeyId: 'any', secretKey: 'any' }
  if (pair === undefined) {
    terminal.complain(
      `millrace: there is no root key in ${config.dataDirectory}. \`millrace serve\` makes one at its first start; ` +
        'if the server uses another directory, give it as --data-dir.',
    )
    return EXIT.failed
  }
  terminal.print(exportLines({ url, accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretKey }, shell))
  return EXIT.done
}
