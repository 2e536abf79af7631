using System.CommandLine;

namespace Omaha.Load;

/// <summary>The command that holds connections open without asking much over them: idle ones, and slow ones.</summary>
internal static class HoldCommand
{
    private const int Most = 100_000;

    public static Command Create(TextWriter output)
    {
        var url = new Argument<string>("URL") { Description = "Where connections are opened, such as http://127.0.0.1:8080/v1/update" };
        var idle = RangedOption.Whole("--idle", "Connections that ask once and then nothing", "N", 0, Most, 0);
        var slow = RangedOption.Whole("--slow", "Connections that send the head of a request a byte a second, and begin again when the server has had enough", "N", 0, Most, 0);
        var duration = RangedOption.Number("--duration", "How long they are held, from when the first was opened", "SECONDS", 0.1, 3600, 60);
        var owned = new Option<string?>("--i-own-this-host") { Description = "Hold connections to a machine other than this one: the host of the URL, once more", HelpName = "NAME" };
        var command = new Command("hold", "Holds connections open: idle ones, as a load balancer or a fleet keeps them, and slow ones, as an attacker does. Says \"holding\" once all are open. Ends with 0 when all could be opened and no idle one was lost before the time was over.")
        {
            url, idle, slow, duration, owned,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            var target = Target.Resolve(parsed.GetRequiredValue(url), parsed.GetValue(owned));
            if (target.IsTls) throw new LoadException(LoadException.Usage, $"{target.Url} is not usable: connections are held without TLS");
            using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
            over.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(duration)!.Value));
            using var held = new HeldConnections(target, (int)parsed.GetValue(idle)!.Value, (int)parsed.GetValue(slow)!.Value);
            var running = held.RunAsync(over.Token);
            if (await held.AllOpen) await output.WriteLineAsync("holding");
            await running;
            await output.WriteLineAsync(held.Report());
            return held.IsComplete ? 0 : LoadException.Failed;
        });
        return command;
    }
}
