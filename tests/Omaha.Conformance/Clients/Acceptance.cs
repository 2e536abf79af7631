using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>What holds for every reply of the server, whatever was asked, and that each client which could be sent it accepts it.</summary>
internal static class Acceptance
{
    /// <summary>Fails the test with the rule that a reply breaks.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="reply">An answer with status 200.</param>
    /// <param name="except">Clients that the test's own point is to upset.</param>
    public static void Check(byte[] request, Reply reply, ClientKinds except = ClientKinds.None)
    {
        var asked = AskedRequest.Read(request);
        CheckDocument(asked, reply);
        Assert.Equal(asked.Apps.Select(static app => app.EchoedId), reply.Apps.Select(static app => app.Id));
        foreach (var (app, answer) in asked.Apps.Zip(reply.Apps)) CheckApp(app, answer);
        CheckClients(asked, reply, except);
    }

    private static void CheckDocument(AskedRequest asked, Reply reply)
    {
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", reply.Text, StringComparison.Ordinal);
        Assert.EndsWith("</response>", reply.Text, StringComparison.Ordinal);
        Assert.Equal("response", reply.Xml.Name);
        Assert.Equal(asked.Protocol, (string?)reply.Xml.Attribute("protocol"));
        Assert.Equal("daystart", reply.Xml.Elements().First().Name);
        Assert.DoesNotContain(reply.Xml.DescendantNodes(), static node => node is XComment or XProcessingInstruction or XCData);
        Assert.All(reply.Xml.DescendantsAndSelf(), static element =>
        {
            Assert.Equal(XNamespace.None, element.Name.Namespace);
            Assert.All(element.Attributes(), static attribute => Assert.Equal(XNamespace.None, attribute.Name.Namespace));
        });
    }

    /// <summary>What was asked for is answered, nothing else, and in the order that is ours; an app that cannot be answered has a status and no children.</summary>
    private static void CheckApp(AskedApp asked, AppReply answer)
    {
        if (answer.Status != "ok")
        {
            Assert.Empty(answer.Xml.Nodes());
            return;
        }

        string[] expected =
        [
            .. Enumerable.Repeat("ping", asked.Pings ? 1 : 0),
            .. Enumerable.Repeat("updatecheck", asked.Checks ? 1 : 0),
            .. Enumerable.Repeat("event", asked.Events),
            .. Enumerable.Repeat("data", asked.Untrusted + asked.Installs),
        ];
        Assert.Equal(string.Join(' ', expected), answer.Children);
        Assert.All(answer.Xml.Elements("ping").Concat(answer.Xml.Elements("event")), static ack => Assert.Equal("ok", (string?)ack.Attribute("status")));
        if (answer.CheckStatus != "ok") Assert.Empty(answer.Check?.Nodes() ?? []);
    }

    /// <summary>An error of a check is a failed update to all but Google Update, so those that are not known to be it must not get one; when nobody says who asks, it may be.</summary>
    private static void CheckClients(AskedRequest asked, Reply reply, ClientKinds except)
    {
        if (!except.HasFlag(ClientKinds.GoogleUpdate)) AskGoogleUpdate(asked, reply);
        if (!except.HasFlag(ClientKinds.GoOmaha) && asked.Protocol == "3.0") AskGoOmaha(reply);

        var hasError = reply.Apps.Any(static answer => answer.CheckStatus?.StartsWith("error-", StringComparison.Ordinal) == true);
        if (hasError && asked.Sender is ClientKinds.None or ClientKinds.GoogleUpdate) return;
        if (!except.HasFlag(ClientKinds.Chromium)) AskChromium(asked, reply);
        if (!except.HasFlag(ClientKinds.ChromeOs)) AskChromeOs(asked, reply);

        // Machines of these two ask for one app.
        if (reply.Apps is not [{ Status: "ok", Check: not null } only]) return;
        if (!except.HasFlag(ClientKinds.UpdateEngine)) AskUpdateEngine(reply, only);
        if (!except.HasFlag(ClientKinds.UeRs) && only.CheckStatus == "ok" && Guid.TryParse(only.Id, out _)) UeRs.Read(reply.Body);
    }

    private static void AskGoogleUpdate(AskedRequest asked, Reply reply)
    {
        var read = GoogleUpdateClient.Read(reply.Body);
        Assert.Equal(asked.Apps.Select(static app => app.EchoedId), read.Select(static app => app.Id), StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < asked.Apps.Count; i++)
        {
            if (reply.Apps[i].Status == "ok") RejectedReplyException.Unless(read[i].UntrustedAnswers == asked.Apps[i].Untrusted, "an answer to each untrusted data");
        }
    }

    private static void AskGoOmaha(Reply reply)
    {
        foreach (var answer in reply.Apps.Where(static answer => answer.Status == "ok")) GoOmaha.Read(reply.Body, reply.ContentHeaders.ContentType?.ToString(), answer.Id!);
    }

    private static void AskChromium(AskedRequest asked, Reply reply)
    {
        var read = ChromiumUpdater.Read(reply.Body, asked.Protocol);
        for (var i = 0; i < asked.Apps.Count; i++)
        {
            if (asked.Apps[i].Checks && reply.Apps[i].Status == "ok") RejectedReplyException.Unless(read[i].Fault is null, $"{read[i].Fault} ({read[i].Id})");
        }
    }

    /// <summary>It looks into the answers to checks only. A bundle of apps is what it alone sends; one app could be asked for by anybody.</summary>
    private static void AskChromeOs(AskedRequest asked, Reply reply)
    {
        if (!asked.Apps.Any(static app => app.Checks) || reply.Apps.Any(static answer => answer.Status != "ok")) return;
        if (asked.Sender == ClientKinds.ChromeOs || asked.Apps.Count == 1) ChromeOsEngine.Read(reply.Body, asked.Apps[0].Id, isInstall: !asked.Apps[0].Checks);
    }

    private static void AskUpdateEngine(Reply reply, AppReply answer)
    {
        var verdict = UpdateEngine.Judge(reply.Status, reply.Body);
        RejectedReplyException.Unless(verdict.Code == 0, $"a valid reply, not one with the verdict {verdict}");
        Assert.Equal(answer.CheckStatus == "ok", verdict.Offer is not null);
        if (verdict.Offer is not null) RejectedReplyException.Unless(UpdateEngine.WhyDownloadFails(verdict.Offer) is null, $"a download that works; {UpdateEngine.WhyDownloadFails(verdict.Offer)}");
    }
}
