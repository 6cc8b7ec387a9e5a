/** Shows the moment under the pointer on all lanes at once. The page is whole without it. */
export const SCRIPT = `
(() => {
  const lanes = document.querySelector('.lanes');
  const plot = lanes && lanes.querySelector('.plot');
  if (!plot) return;
  const seconds = Number(lanes.dataset.seconds);
  const pad = (value) => String(Math.floor(value)).padStart(2, '0');
  lanes.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const inside = share >= 0 && share <= 1;
    lanes.classList.toggle('pointed', inside);
    if (!inside) return;
    const at = share * seconds;
    lanes.style.setProperty('--at', share * 100 + '%');
    for (const readout of lanes.querySelectorAll('.readout')) {
      readout.textContent = pad(at / 3600) + ':' + pad((at / 60) % 60) + ':' + pad(at % 60);
    }
  });
  lanes.addEventListener('pointerleave', () => lanes.classList.remove('pointed'));
})();
`;
