namespace Omaha.Conformance;

/// <summary>Requests as Google Update on Windows words them.</summary>
internal static class GoogleUpdate
{
    public static string Request(string apps, string attributes = "installsource=\"scheduler\"", string os = """<os platform="win" version="10.0.22631.4" sp="" arch="x64"/>""") =>
        $$"""
          <?xml version="1.0" encoding="UTF-8"?><request protocol="3.0" updater="Omaha" updaterversion="1.3.36.372" shell_version="1.3.36.351" ismachine="1" sessionid="{9F3AD1B2-76C4-4C5B-8E57-6F5D0C8A1B11}" requestid="{0B1B7A5D-3E4E-44B0-9B0D-2F1E7D9C6A22}" dedup="cr" domainjoined="0" {{attributes}}><hw physmemory="16" sse="1" sse2="1" sse3="1" ssse3="1" sse41="1" sse42="1" avx="1"/>{{os}}{{apps}}</request>
          """;

    public static string App(string id, string version, string inside, string attributes = "") =>
        $"""<app appid="{id}" version="{version}" nextversion="" lang="en" client="" {attributes}>{inside}</app>""";
}
