import type { Random } from '../../base/random.ts'

/** The one-time password that shows who has a phone number, and the text that tells it. */
const DIGITS = 6
const CODES = 10 ** DIGITS
/** So many 32-bit numbers are taken that every code is as likely. */
const FAIR = Math.floor(2 ** 32 / CODES) * CODES

/** The languages that AWS offers, Korean by the name that it has there. The wording is ours. */
const TEXTS: Readonly<Record<string, string>> = {
  'de-DE': 'Ihr Bestätigungscode lautet {code}.',
  'en-GB': 'Your verification code is {code}.',
  'en-US': 'Your verification code is {code}.',
  'es-419': 'Tu código de verificación es {code}.',
  'es-ES': 'Su código de verificación es {code}.',
  'fr-CA': 'Votre code de vérification est {code}.',
  'fr-FR': 'Votre code de vérification est {code}.',
  'it-IT': 'Il codice di verifica è {code}.',
  'ja-JP': '認証コードは {code} です。',
  'kr-KR': '인증 코드는 {code}입니다.',
  'pt-BR': 'Seu código de verificação é {code}.',
  'zh-CN': '您的验证码是 {code}。',
  'zh-TW': '您的驗證碼是 {code}。',
}

/** Six digits. */
export function drawSandboxCode(random: Random): string {
  for (;;) {
    const bytes = random.bytes(4)
    const number = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
    if (number < FAIR) return String(number % CODES).padStart(DIGITS, '0')
  }
}

/** In the language of a code that AWS's model allows. */
export function sandboxText(language: string, code: string): string {
  return (TEXTS[language] ?? TEXTS['en-US']!).replace('{code}', code)
}
