// What a request costs in time and in memory, from the bytes of its body to the bytes of its reply; no network and no store take part.
//
//   dotnet run -c Release --project bench/Omaha.Benchmarks -- --filter '*' --job short
//
// Parse        the reader alone, beside .NET's XmlReader taking the same values
// Respond      the whole answer: read, find, decide, render
// RespondConfigured  the same with everything configured that can hold an offer, beside nothing configured
// Refuse       one body for each reason to refuse, beside the nearest body without that fault
// RefuseLarge  the same at the size where bodies end, with the worst that we know to send; both are read to the end, so they cost the same
//
// Bytes are exact, and every row of ours must show none ("-"). Times swing by a quarter on a shared machine; what counts there is that
// refusing costs less than answering (Refuse: Ratio below 1). --inProcess is quicker and less exact; --list flat names everything.
using BenchmarkDotNet.Running;
using Omaha.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(Respond).Assembly).Run(args);
