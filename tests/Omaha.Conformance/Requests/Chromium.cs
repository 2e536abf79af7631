namespace Omaha.Conformance;

/// <summary>Requests as the component updater of Chromium and of its relatives words them.</summary>
internal static class Chromium
{
    public static string Request(string apps, string protocol = "3.1", string attributes = "acceptformat=\"crx2,crx3\"") =>
        $$"""
          <?xml version="1.0" encoding="UTF-8"?><request protocol="{{protocol}}" dedup="cr" sessionid="{c2a1e7c0-7f0a-4bb5-a9c3-0d7f6a1b3344}" requestid="{5e5ad9b5-3f5e-4b57-8c30-9a1f0e2d5566}" version="chrome-66.0.3359.139" prodversion="66.0.3359.139" lang="en-US" updaterchannel="" prodchannel="" os="linux" arch="x64" nacl_arch="x86-64" {{attributes}}><hw physmemory="8"/><os platform="Linux" arch="x86_64" version="5.10.0"/>{{apps}}</request>
          """;

    public static string App(string id, string version, string inside = "<updatecheck/><ping rd=\"-2\" ping_freshness=\"\"/>", string attributes = "") =>
        $"""<app appid="{id}" version="{version}" {attributes}>{inside}</app>""";
}
