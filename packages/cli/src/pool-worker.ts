/** The thread that pool.ts starts. */
import { workerData } from "node:worker_threads";
import { serve } from "ottoflow/kernels/pool";

serve(workerData);
