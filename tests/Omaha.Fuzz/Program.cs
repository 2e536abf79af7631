using Omaha.Fuzz;
using SharpFuzz;

// Started by run.sh. Without arguments it serves afl-fuzz, or checks one request from standard input where there is no afl-fuzz.
switch (args)
{
    case []:
        // Instrumented code can only run once SharpFuzz has a map for it.
        RequestTarget? target = null;
        Fuzzer.OutOfProcess.Run(stream => (target ??= RequestTarget.Warm()).Check(stream));
        return 0;

    case ["seeds", var folder]:
        Seeds.Write(folder);
        return 0;

    case ["replay", .. var files]:
        return Replay.Report(files, Console.Out);

    default:
        Console.Error.WriteLine("usage: Omaha.Fuzz [seeds FOLDER | replay FILE...]");
        return 2;
}
