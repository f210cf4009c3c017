/** A link to a cell opens it, and puts the keyboard there. */
export function openTarget() {
  const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (cell === null || !cell.matches('details.cell')) return;
  cell.open = true;
  cell.scrollIntoView();
  cell.querySelector('summary').focus({ preventScroll: true });
}
