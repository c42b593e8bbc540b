// Runs before the first paint, so that a chosen theme never flashes the other one. The key is state/theme.ts's.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden: the system's theme stands.
}
