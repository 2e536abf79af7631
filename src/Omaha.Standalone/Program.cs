using Omaha.Standalone;

return args is [StoreCheck.Verb, var folder]
    ? await StoreCheck.RunAsChildAsync(folder)
    : await StandaloneProgram.RunAsync(args);
