import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { recallScheme } from "./state/scheme.ts";

recallScheme();

const target = document.getElementById("lab") as HTMLElement;
target.replaceChildren();
mount(App, { target });
