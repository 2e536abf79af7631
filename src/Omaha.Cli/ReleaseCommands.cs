using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>release</c> commands.</summary>
internal sealed class ReleaseCommands(Conversation conversation)
{
    public Command Create() => new("release", "Looks after the releases of an app.") { Add(), Import(), List(), Show(), Verify(), Relocate(), Block(), Unblock(), Remove() };

    private Verb Add()
    {
        var (app, dryRun) = (CommonOptions.App(), CommonOptions.DryRun());
        var version = new Argument<string>("VERSION") { Description = "A dotted version, such as 4081.3.1" };
        var target = new TargetOptions("What the release is for, platform/arch; any/any for every machine", isRequired: true);
        var file = new Option<string>("--file") { Description = "The main payload; size and hashes are taken from it, its name is the package's", HelpName = "FILE", Required = true };
        var extra = new Option<string[]>("--extra") { Description = "A further package; may be given several times", HelpName = "FILE", DefaultValueFactory = static _ => [] };
        var codebase = new Option<string[]>("--codebase") { Description = "URL of the folder that holds the packages, ending with a slash; several in order of preference", HelpName = "URL", Required = true };
        var command = new Verb(
            "add",
            "Adds a release from its files. One with actions, gates or signatures is written in a document and imported.",
            "omahactl release add com.example.app 1.2.3 --arch amd64 --file update.gz --codebase https://dl.example.com/1.2.3/") { app, version, file, extra, codebase, dryRun };
        target.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var packages = new List<PackageSpec>();
            foreach (var path in parsed.GetRequiredValue(extra).Prepend(parsed.GetRequiredValue(file))) packages.Add(await PackageFile.DescribeAsync(path, conversation.Surroundings, cancel));
            var release = new ReleaseSpec { Version = parsed.GetRequiredValue(version), Target = target.Value(parsed), Codebases = [.. parsed.GetRequiredValue(codebase)], Packages = packages };
            var name = parsed.GetRequiredValue(app);
            await AddAsync(parsed, name, DocumentJson.Write(new ReleaseFile { Releases = [release] }), parsed.GetValue(dryRun), cancel);
        });
        return command;
    }

    private Verb Import()
    {
        var file = new Argument<string>("FILE") { Description = "{\"app\": \"…\", \"releases\": […]}, the releases as in a spec (JSON; comments are allowed; omahactl schema releases describes it), or - for standard input" };
        var dryRun = CommonOptions.DryRun();
        var command = new Verb("import", "Adds the releases of a document, all or none; those that are there already stay.", "omahactl release import releases.json") { file, dryRun };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            var json = conversation.Read(path, "the document of releases");
            if (DocumentJson.ReadReleases(json, out var fault) is not { } document) throw new OmahactlException(OmahactlException.Failed, $"\"{path}\" is no document of releases: {fault}");
            if (document.App is not { Length: > 0 } app) throw new OmahactlException(OmahactlException.Failed, $"\"{path}\" names no app; a document of releases looks like {{\"app\": \"…\", \"releases\": […]}}");
            await AddAsync(parsed, app, json, parsed.GetValue(dryRun), cancel);
        });
        return command;
    }

    private Verb List()
    {
        var app = CommonOptions.App();
        var command = new Verb("list", "Shows the releases and the channels that point to them.", "omahactl release list com.example.app") { app };
        return conversation.Asks(command, parsed => Get($"apps/{Step(parsed.GetRequiredValue(app))}/releases"), ApiJson.Default.ReleaseListReply, ReleaseReport.WriteList);
    }

    private Verb Show()
    {
        var (app, version, target) = (CommonOptions.App(), Version(), new TargetOptions());
        var command = new Verb("show", "Shows a release: its digest, its packages, and where it is and was.", "omahactl release show com.example.app 1.2.3") { app, version };
        target.AddTo(command);
        return conversation.Asks(command, parsed => Get(Path(parsed, app, version, target)), ApiJson.Default.ReleaseListReply, ReleaseReport.WriteDetails);
    }

    private Verb Verify()
    {
        var (app, version, target, options) = (CommonOptions.App(), Version(), new TargetOptions(), new VerifyOptions());
        var command = new Verb("verify", "Fetches every package of a release from every codebase, and checks size and hashes.", "omahactl release verify com.example.app 1.2.3") { app, version };
        target.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var releases = await conversation.AskAsync(parsed, Get(Path(parsed, app, version, target)), ApiJson.Default.ReleaseListReply, cancel);
            var report = await new ReleaseVerifier(conversation.Surroundings).RunAsync(releases.Releases, options.Limit(parsed), cancel);
            if (parsed.GetValue(conversation.Json)) await conversation.PrintAsync(report.Json());
            else report.Write(conversation.Surroundings.Output);
            if (!report.IsRight) throw new OmahactlException(OmahactlException.Failed, report.Faults);
        });
        return command;
    }

    private Verb Relocate()
    {
        var (app, version, target, dryRun) = (CommonOptions.App(), Version(), new TargetOptions("The target, needed where the version is there for several"), CommonOptions.DryRun());
        var codebase = new Option<string[]>("--codebase") { Description = "URL of the folder that holds the packages now, ending with a slash; several in order of preference, in place of all those before", HelpName = "URL", Required = true };
        var command = new Verb("relocate", "Changes the URLs that a release is fetched from; its bytes and its digest stay.", "omahactl release relocate com.example.app 1.2.3 --codebase https://mirror.example.com/1.2.3/") { app, version, codebase, dryRun };
        target.AddTo(command);
        return Changes(command, app, version, "relocate", parsed => Post("", new RelocateRequest { Codebases = [.. parsed.GetRequiredValue(codebase)], Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.RelocateRequest));
    }

    private Verb Block() => Blocks("block", "Keeps a release from being offered to anybody on any channel, at once.", "omahactl release block com.example.app 1.2.3 --reason 'does not boot on arm64'");

    private Verb Unblock() => Blocks("unblock", "Ends a block.", "omahactl release unblock com.example.app 1.2.3 --reason 'it was the test rig'");

    private Verb Blocks(string name, string description, string example)
    {
        var (app, version, target, reason, dryRun) = (CommonOptions.App(), Version(), new TargetOptions(), CommonOptions.Reason(), CommonOptions.DryRun());
        var command = new Verb(name, description, example) { app, version, reason, dryRun };
        target.AddTo(command);
        return Changes(command, app, version, name, parsed => Post("", new BlockRequest { Target = target.Value(parsed), Reason = parsed.GetRequiredValue(reason), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.BlockRequest));
    }

    private Verb Remove()
    {
        var (app, version, target, dryRun) = (CommonOptions.App(), Version(), new TargetOptions(), CommonOptions.DryRun());
        var command = new Verb("remove", "Takes a release out of the catalogue; refused when a channel ever offered it.", "omahactl release remove com.example.app 1.2.3 --dry-run") { app, version, dryRun };
        target.AddTo(command);
        return Changes(command, app, version, "remove", parsed => Post("", new RemoveRequest { Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.RemoveRequest));
    }

    private Verb Changes(Verb command, Argument<string> app, Argument<string> version, string verb, Func<ParseResult, ApiRequest> request) => conversation.Asks(
        command,
        parsed => request(parsed) with { Path = $"{Path(parsed, app, version)}/{verb}" },
        ApiJson.Default.ReleaseReply,
        ReleaseReport.Write);

    private async Task AddAsync(ParseResult parsed, string app, byte[] json, bool dryRun, CancellationToken cancel)
    {
        var answer = await conversation.SendAsync(parsed, new ApiRequest(HttpMethod.Post, $"apps/{Step(app)}/releases{(dryRun ? "?dryRun" : "")}", json), cancel);
        await conversation.ShowAsync(parsed, answer, ApiJson.Default.ReleaseReply, ReleaseReport.Write);
    }

    private static Argument<string> Version() => new("VERSION") { Description = "A version of the app, or the digest of a release" };

    private static string Path(ParseResult parsed, Argument<string> app, Argument<string> version) =>
        $"apps/{Step(parsed.GetRequiredValue(app))}/releases/{Step(parsed.GetRequiredValue(version))}";

    private static string Path(ParseResult parsed, Argument<string> app, Argument<string> version, TargetOptions target) =>
        Path(parsed, app, version) + (target.Value(parsed) is { } value ? $"?target={Escape(value)}" : "");
}
