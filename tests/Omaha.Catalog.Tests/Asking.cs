using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog.Tests;

/// <summary>One request, parsed once, to be decided again and again.</summary>
internal sealed class Asking
{
    private readonly UpdateRequest _request = new();

    public Asking(string app, string updateCheck = "", string os = "platform=\"CoreOS\"", string attributes = "", string id = Sample.AppId)
    {
        _request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {attributes}><os {os}/><app appid=\"{id}\" {app}><updatecheck {updateCheck}/></app></request>"));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(_request));
    }

    public static Asking Node(string node, string version = "1.0", string attributes = "") => new($"version=\"{version}\" board=\"amd64-usr\" machineid=\"{node}\" {attributes}");

    public CheckOutcome Of(CatalogSnapshot snapshot, DateTimeOffset? at = null, DateTimeOffset? rampLimit = null)
    {
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        Assert.True(AppIds.TryNormalize(_request[_request.Apps[0].Id], key, out var length));
        return Catalog.Decide.Check(snapshot, snapshot.Find(key[..length])!, _request, _request.Apps[0], ClientKinds.Of(_request), new CheckMoment(at ?? Sample.Now, rampLimit ?? DateTimeOffset.MaxValue));
    }

    public Decision Decide(CatalogSnapshot snapshot, DateTimeOffset? at = null) => Of(snapshot, at).Decision;

    public string? Offered(CatalogSnapshot snapshot, DateTimeOffset? at = null) => Sample.Version(Of(snapshot, at));

    public Explanation Explain(CatalogSnapshot snapshot, DateTimeOffset? at = null) => Catalog.Explain.Of(snapshot, _request, 0, at ?? Sample.Now);
}
