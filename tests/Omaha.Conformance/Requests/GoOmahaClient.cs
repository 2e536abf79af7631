namespace Omaha.Conformance;

/// <summary>Requests as the Go client library words them: ids of the user and of the session stand in for those of the machine and of its boot.</summary>
internal static class GoOmahaClient
{
    public static string Check(string id, string version, string track = "stable") =>
        $"""
         <?xml version="1.0" encoding="UTF-8"?>
         <request protocol="3.0" ismachine="1" sessionid="4f0d5b8e-6b4a-4d0c-8f0e-1a2b3c4d5e6f" userid="d3b07384-d9a0-4c9b-9b2e-5a1f0c7e8899" version="go-omaha"><os platform="linux" arch="x64"></os><app appid="{id}" version="{version}" track="{track}" bootid="4f0d5b8e-6b4a-4d0c-8f0e-1a2b3c4d5e6f" machineid="d3b07384-d9a0-4c9b-9b2e-5a1f0c7e8899"><ping active="1"></ping><updatecheck></updatecheck><event eventtype="3" eventresult="2"></event></app></request>
         """;
}
