using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>
/// Replays recorded messages of real clients and servers, when the variable OMAHA_CORPUS names a folder of them: <c>xml/*.request.xml</c>,
/// <c>xml/*.response.xml</c>, <c>update_engine/*.xml</c> and <c>flatcar-response-verdicts.tsv</c>. Without it there is nothing to do.
/// </summary>
public sealed class CorpusReplay(LiveServer server)
{
    /// <summary>Well-formed, but not what a server has to answer: other encodings, roots and protocols, XML 1.1, more apps than allowed.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "syn-utf16le-bom", "syn-utf16be-bom", "syn-declared-utf16-but-utf8", "syn-latin1", "syn-windows-1252", "syn-xml11",
        "syn-wrong-case-names", "syn-missing-protocol", "syn-protocol-40", "syn-protocol-3", "syn-200-apps",
        "brave-wrong-root", "brave-protocol-2", "cros-devserver-v2",
        "google-doc-v2-check", "google-doc-v2-event", "google-doc-v2-data",
    };

    /// <summary>Not well-formed for strict readers, but sent by clients that have to be answered.</summary>
    private static readonly HashSet<string> Forgiven = new(StringComparer.Ordinal) { "syn-leading-whitespace.malformed", "syn-trailing-nul.malformed" };

    /// <summary>Well-formed and of bounded cost: to be refused or answered.</summary>
    private static readonly HashSet<string> Either = new(StringComparer.Ordinal) { "syn-long-attribute.malicious" };

    [Fact]
    public async Task I08_Recorded_requests_are_answered_or_refused_as_they_should_be()
    {
        foreach (var (name, body) in Recorded("xml", ".request.xml"))
        {
            int[] expected = name switch
            {
                _ when Forgiven.Contains(name) => [200],
                _ when Either.Contains(name) => [200, 400],
                _ when name.EndsWith(".malformed", StringComparison.Ordinal) || name.EndsWith(".malicious", StringComparison.Ordinal) => [body.Length > 64 * 1024 ? 413 : 400],
                _ when Refused.Contains(name) => [400],
                _ => [200],
            };
            await ReplayAsync(name, body, expected);
        }
    }

    [Fact]
    public async Task I08_Requests_recorded_from_update_engine_are_answered()
    {
        foreach (var (name, body) in Recorded("update_engine", ".xml"))
        {
            await ReplayAsync(name, body, name.EndsWith(".malformed", StringComparison.Ordinal) ? [400] : [200]);
        }
    }

    [Fact]
    public void Recorded_replies_of_other_servers_are_judged_as_their_clients_judged_them()
    {
        var replies = Recorded("xml", ".response.xml").ToDictionary(static file => file.Name, static file => file.Body);
        if (replies.Count == 0) return;

        string Engine(string name) => UpdateEngine.Judge(200, replies[name]).ToString().Split(' ')[0] + UpdateEngine.Judge(200, replies[name]).Code;
        foreach (var name in (string[])["flatcar-unittest-update", "flatcar-unittest-no-trailing-slash", "flatcar-sample-v3", "flatcar-ue-rs-example", "flatcar-ue-rs-oem-packages", "goomaha-multi-manifest", "goomaha-server-update", "coreupdate-update", "cros-update"]) Assert.Equal("UPDATE0", Engine(name));
        foreach (var name in (string[])["flatcar-unittest-noupdate", "coreupdate-noupdate", "nebraska-updater-noupdate"]) Assert.Equal("NOUPDATE0", Engine(name));
        foreach (var name in (string[])["flatcar-unittest-missing-status", "flatcar-unittest-invalid-status", "flatcar-unittest-missing-updatecheck", "nebraska-throttled", "nebraska-updater-error", "nebraska-empty-actions", "goomaha-server-unknown-app"]) Assert.Equal("REJECT34", Engine(name));
        Assert.Equal("REJECT31", Engine("goomaha-fixture-noupdate.malformed"));

        UeRs.Read(replies["flatcar-ue-rs-example"]);
        Assert.NotEmpty(UeRs.Read(replies["flatcar-ue-rs-oem-packages"]));
        Assert.Throws<RejectedReplyException>(() => UeRs.Read(replies["coreupdate-update"]));

        foreach (var name in (string[])["google-win-update", "google-win-unknown-elements", "google-win-manifest-v3", "cros-update", "cros-noupdate"]) GoogleUpdateClient.Read(replies[name]);
        foreach (var name in (string[])["brave-mixed", "google-doc-v2-positive", "google-doc-two-apps-positive", "nebraska-throttled"]) Assert.Throws<RejectedReplyException>(() => GoogleUpdateClient.Read(replies[name]));

        Assert.All(ChromiumUpdater.Read(replies["chromium-valid"], "3.0"), static app => Assert.Null(app.Fault));
        Assert.All(ChromiumUpdater.Read(replies["chromium-namespace-prefix"], "3.0"), static app => Assert.Null(app.Fault));
        Assert.Throws<RejectedReplyException>(() => ChromiumUpdater.Read(replies["chromium-valid"], "3.1"));

        Assert.Equal(1, ChromeOsEngine.Read(replies["cros-update"], "{BD7F7139-CC18-49C1-A847-33F155CCBCA8}"));
        Assert.Equal(2, ChromeOsEngine.Read(replies["cros-multi-package"], "test-app-id"));
        Assert.Equal(0, ChromeOsEngine.Read(replies["cros-noupdate"], "{BD7F7139-CC18-49C1-A847-33F155CCBCA8}"));
        Assert.Equal(1, ChromeOsEngine.Read(replies["cros-dlc-install"], "{01906EA2-3EB2-41F1-8F62-F0B7120EFD2E}", isInstall: true));
        Assert.Throws<RejectedReplyException>(() => ChromeOsEngine.Read(replies["cros-entity.malicious"], "test-app-id"));
    }

    [Fact]
    public void Recorded_verdicts_of_update_engine_are_those_of_its_imitation()
    {
        if (Folder() is not { } folder) return;
        var recorded = File.ReadAllLines(Path.Combine(folder, "flatcar-response-verdicts.tsv")).Select(static line => line.Split('\t')[1] + " ").ToList();
        var sample = File.ReadAllBytes(Path.Combine(folder, "xml", "flatcar-sample-v3.response.xml"));

        // The cases are in the order of the record; one of them is a recorded reply itself.
        var imitated = UpdateEngineVerdicts.All.Select(static verdict => verdict.Case.Judge().ToString()).ToList();
        imitated.Insert(UpdateEngineVerdicts.PositionOfRecordedReply, UpdateEngine.Judge(200, sample).ToString());
        Assert.Equal(recorded.Count, imitated.Count);
        Assert.All(recorded.Zip(imitated), static pair => Assert.StartsWith(pair.Second + " ", pair.First, StringComparison.Ordinal));
    }

    /// <summary>Fails with the name of the message that fails.</summary>
    private async Task ReplayAsync(string name, byte[] body, int[] expected)
    {
        var reply = await server.PostAsync(body);
        Assert.True(expected.Contains(reply.Status), $"{name}: {reply.Status} {reply.Text}");
        if (reply.Status != 200) return;
        try
        {
            Acceptance.Check(body, reply);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{name}: {error.Message}\n{reply.Text}", error);
        }
    }

    private static string? Folder() => Environment.GetEnvironmentVariable("OMAHA_CORPUS") is { Length: > 0 } folder ? folder : null;

    private static IEnumerable<(string Name, byte[] Body)> Recorded(string kind, string ending) =>
        Folder() is not { } folder ? [] : Directory.EnumerateFiles(Path.Combine(folder, kind), "*" + ending).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file)[..^ending.Length], File.ReadAllBytes(file)));
}
