using Omaha.Server;

return await ServerProgram.RunAsync(args);
