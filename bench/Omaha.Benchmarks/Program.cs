// What a request costs in time and in memory, from the bytes of its body to the bytes of its reply; no network and no store take part.
//
//   dotnet run -c Release --project bench/Omaha.Benchmarks -- --filter '*' --job short
//
// Parse           the reader alone, beside .NET's XmlReader taking the same values
// Decide          the rules alone
// Respond         the whole answer: read, find, decide, render; one app, thirty apps, twenty apps at once and one by one
// RespondConfigured  the same with everything configured that can hold an offer, beside nothing configured
// Refuse          one body for each reason to refuse, beside the nearest body without that fault
// RefuseLarge     the same at the size where bodies end, with the worst that we know to send; both are read to the end, so they cost the same
// Lookup          apps at random out of 10, 10 000 and 1 000 000, beside .NET's dictionary
// SnapshotChange  one changed app in a catalogue of as many
// HttpRoundTrip   the whole answer through Kestrel without sockets, beside an empty handler
// Count           the counter of the hot path
//
// Bytes are exact. Times swing by a quarter on a shared machine; ratios within a run do not. `gate` in place of BenchmarkDotNet's arguments
// compares both with the committed figures (bench/gate.sh), `memory` reports what 1 000 000 apps take. --inProcess is quicker and less
// exact; --list flat names everything.
using BenchmarkDotNet.Running;
using Omaha.Benchmarks;
using Omaha.Benchmarks.Gate;

switch (args)
{
    case ["gate", .. var rest]:
        return GateProgram.Run(rest);
    case ["memory"]:
        return AppMemory.Report(1_000_000);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Respond).Assembly).Run(args);
        return 0;
}
