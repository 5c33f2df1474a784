type Theme = 'system' | 'light' | 'dark'

const NAME = 'millrace.theme'
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

/** Which colours are shown: those the system prefers, until a person chooses. The choice is kept. */
export function theme(): Theme {
  const stored = localStorage.getItem(NAME)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme()
}

export function nextTheme(): void {
  localStorage.setItem(NAME, NEXT[theme()])
  applyTheme()
}
