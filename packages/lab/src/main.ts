import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { keepPage } from "./offline/keep.ts";
import { onceMoving } from "./state/moving.ts";
import { recallScheme } from "./state/scheme.ts";

recallScheme();
onceMoving(
  () => setTimeout(keepPage, 2000),
  () => false,
);

const target = document.getElementById("lab") as HTMLElement;
target.replaceChildren();
mount(App, { target });
