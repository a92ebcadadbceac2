/** The page: one dish with its ring of notes, its twins, and what can be done to them. */
import { render } from "preact";
import { App } from "./app.tsx";

render(<App />, document.getElementById("app")!);
