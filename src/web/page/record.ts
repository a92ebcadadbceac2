/** Six seconds of a canvas and its sound as a film, saved where the reader saves files. */

const FILM_MS = 6000;
const FRAMES_PER_SECOND = 30;
const KINDS = ["video/webm;codecs=vp9,opus", "video/webm", "video/mp4"];

export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && kind() !== undefined;
}

export async function record(
  canvas: HTMLCanvasElement,
  track: MediaStreamTrack | null,
  name: string,
): Promise<void> {
  const stream = canvas.captureStream(FRAMES_PER_SECOND);
  if (track) stream.addTrack(track);
  const mimeType = kind()!;
  const recorder = new MediaRecorder(stream, { mimeType });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, FILM_MS));
  recorder.stop();
  await stopped;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: mimeType }));
  link.download = `${name}.${mimeType.includes("mp4") ? "mp4" : "webm"}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FILM_MS);
}

function kind(): string | undefined {
  return KINDS.find((type) => MediaRecorder.isTypeSupported(type));
}
