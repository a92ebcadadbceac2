/** What a run is called, and what is said of it: kept beside its folder, which stays as it is. */
import { useState } from "preact/hooks";
import { type MessageOf, MOST_NOTE, MOST_TITLE } from "../../../protocol.ts";
import { send } from "../../state/connection.ts";

type Run = MessageOf<"runs">["runs"][number];

export function NoteForm({ run, close }: { readonly run: Run; readonly close: () => void }) {
  const [title, setTitle] = useState(run.title);
  const [note, setNote] = useState(run.note);
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        send({ kind: "annotate", name: run.name, title: title.trim(), note: note.trim() });
        close();
      }}
    >
      <label>
        Called
        <input
          value={title}
          maxLength={MOST_TITLE}
          placeholder={run.name}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <label>
        Note
        <textarea
          rows={3}
          value={note}
          maxLength={MOST_NOTE}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <p class="submit">
        <button type="submit" class="primary">
          Keep
        </button>
        <button type="button" onClick={close}>
          Leave as it was
        </button>
      </p>
    </form>
  );
}
