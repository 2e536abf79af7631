namespace Omaha.Load.Tests;

/// <summary>Connections that are held open.</summary>
public sealed class HoldTests
{
    [Fact]
    public async Task Connections_are_held_until_the_time_is_over()
    {
        await using var server = await WebServer.StartAsync();
        var (exitCode, output, _) = await Loading.RunAsync("hold", server.Url, "--idle", "5", "--slow", "2", "--duration", "3");

        Assert.Equal("", output.Replace("holding" + Environment.NewLine + "7 of 7 connections were held; 0 idle ones were lost, slow ones began anew 0 times, 0 could not be opened" + Environment.NewLine, "", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
        Assert.Equal(5, server.Requests);
        Assert.Equal(5, server.Connections.Count);
    }

    [Fact]
    public async Task Idle_connection_that_the_server_closes_is_lost()
    {
        await using var server = await WebServer.StartAsync(static async (http, number) =>
        {
            http.Response.Headers.Connection = "close";
            await WebServer.Ok(http, number);
        });
        var (exitCode, output, _) = await Loading.RunAsync("hold", server.Url, "--idle", "3", "--duration", "3");

        Assert.Equal(1, exitCode);
        Assert.Contains("3 of 3 connections were held; 3 idle ones were lost", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_is_away_is_said()
    {
        var (exitCode, output, _) = await Loading.RunAsync("hold", "http://127.0.0.1:1/v1/update", "--idle", "2", "--slow", "1", "--duration", "1");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("holding", output, StringComparison.Ordinal);
        Assert.Contains("0 of 3 connections were held; ", output, StringComparison.Ordinal);
        Assert.Contains(" 3 could not be opened: ", output, StringComparison.Ordinal);
    }
}
