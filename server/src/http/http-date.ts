let second = 0
let text = ''

/** Now, as a `Date` header has it. It is written anew once a second, since every answer bears it. */
export function httpDate(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    text = new Date(now * 1000).toUTCString()
  }
  return text
}
