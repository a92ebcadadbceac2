/** The page on which a person plays: eight lamps for a brain's eight sites, and the frame for who asks for it. */
export function playPage({
  moves,
  frame,
}: {
  readonly moves: readonly string[];
  readonly frame: boolean;
}): string {
  const keys = ["ArrowLeft", "Space", "ArrowRight", "ArrowUp", "ArrowDown"].slice(0, moves.length);
  if (moves[1] === "forward") keys[1] = "ArrowUp";
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>wetgrad: play as a brain</title>
<style>:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:46rem;margin:2rem auto;padding:0 1rem}
#lamps{display:grid;grid-template-columns:repeat(8,1fr);gap:8px;margin:1rem 0}
#lamps div{aspect-ratio:1;border:1px solid gray;border-radius:50%;display:grid;place-items:center}
#lamps .on{background:#0072b2;color:#fff}#frame{width:100%;image-rendering:pixelated}button{font:inherit;padding:.6rem 1rem;margin-right:.5rem}</style>
<h1>Play as a brain</h1>
<p>A lamp is what a brain is given: 1 nothing, 2 to 8 from left to right, the brighter the nearer. Ten steps a second, as in the vat; a key that is
held is done in every step, and where none is held the last move is. Keys: ${keys.map((key, i) => `<b>${key}</b> ${moves[i]}`).join(", ")}.</p>
<p role="status" id="score">Press a key to begin.</p><div id="lamps" role="img" aria-label="The site that is given"></div>
${frame ? '<img id="frame" alt="What the player sees" width="320" height="200"><p><small>Pictures: Freedoom (3-clause BSD licence).</small></p>' : ""}
<p>${moves.map((name, i) => `<button type="button" data-move="${i}">${name}</button>`).join("")}</p>
<script>
const keys=${JSON.stringify(keys)};let move=-1,going=false;const lamps=document.getElementById("lamps");
for(let i=0;i<8;i++){const lamp=document.createElement("div");lamp.textContent=i+1;lamps.append(lamp)}
function begin(chosen){move=chosen;if(!going){going=true;setInterval(step,100)}}
addEventListener("keydown",e=>{const at=keys.indexOf(e.code);if(at>=0){e.preventDefault();begin(at)}});
for(const b of document.querySelectorAll("button"))b.addEventListener("click",()=>begin(Number(b.dataset.move)));
async function step(){const answer=await fetch("step",{method:"POST",body:JSON.stringify({move})});if(!answer.ok)return;const s=await answer.json();
[...lamps.children].forEach((lamp,i)=>{lamp.className=i===s.site?"on":"";lamp.style.opacity=i===s.site?.4+.2*s.thirds:1});
const per=Object.entries(s.score).map(([name,value])=>name+" "+value.toFixed(2)).join(", ");
document.getElementById("score").textContent=s.scored+" in this life, health "+s.health+(s.bullets<0?"":", bullets "+s.bullets)+"; "+s.lives+" lives over"+(per?": "+per:"");
if(s.png)document.getElementById("frame").src="data:image/png;base64,"+s.png}
</script></html>`;
}
