/** The line to the kernel, in hosts that know of it (JupyterLab, Notebook): whether it is there, and at work. */

interface Kernel {
  readonly status?: string;
  readonly connectionStatusChanged?: {
    connect(slot: (sender: unknown, status: string) => void): boolean;
    disconnect(slot: (sender: unknown, status: string) => void): boolean;
  };
}

function kernelOf(widgetManager: unknown): Kernel | undefined {
  return (widgetManager as { kernel?: Kernel } | undefined)?.kernel;
}

export function isBusy(widgetManager: unknown): boolean {
  return kernelOf(widgetManager)?.status === "busy";
}

export function onReconnected(widgetManager: unknown, listener: () => void): () => void {
  const changed = kernelOf(widgetManager)?.connectionStatusChanged;
  if (!changed) return () => {};
  const onStatus = (_: unknown, status: string) => {
    if (status === "connected") listener();
  };
  changed.connect(onStatus);
  return () => void changed.disconnect(onStatus);
}
