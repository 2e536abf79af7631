using Omaha.Cli;

return await Omahactl.RunAsync(args, Surroundings.OfProcess());
