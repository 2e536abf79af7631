using System.Net;
using System.Net.Http.Headers;

namespace Omaha.Standalone.Tests;

/// <summary>Restoring a backup into the embedded store.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task A_restore_that_was_acknowledged_outlives_a_kill()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        byte[] backup;
        await using (var first = await StandaloneProcess.ServeAsync(folder.Path, data))
        {
            backup = await SendAsync(first, HttpMethod.Get, "backup");
            await first.PromoteAsync("beta", "stable");
            await first.UntilOfferedAsync("4515.1.0");
            await SendAsync(first, HttpMethod.Post, "restore?overwrite", backup);

            // The server holds a catalogue, and waits until somebody says that the other history is the truth.
            Assert.Equal("4515.1.0", await first.OfferedAsync());
            await first.KillAsync();
        }

        await using var second = await StandaloneProcess.ServeAsync(folder.Path, data);
        Assert.Equal("4459.2.1", await second.OfferedAsync());
        var (_, audit) = await second.CallAsync("GET", "audit?limit=2");
        Assert.Equal(["restore", "channel promote"], audit!["entries"]!.AsArray().Select(entry => (string?)entry!["verb"]));
        var (status, _) = await second.CallAsync("POST", "store/accept");
        Assert.Equal(HttpStatusCode.OK, status);
        await second.PromoteAsync("beta", "stable");
        await second.UntilOfferedAsync("4515.1.0");
    }

    [Fact]
    public async Task Killed_at_any_moment_of_restores_it_starts_with_the_old_state_or_the_new_one()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        byte[]? backup = null;
        for (var round = 1; round <= 4; round++)
        {
            await using var program = await StandaloneProcess.ServeAsync(folder.Path, data);
            Assert.Contains(await program.OfferedAsync(), new[] { "4459.2.1", "4515.1.0" });
            var (_, status) = await program.CallAsync("GET", "status");
            Assert.Equal(0, (int)status!["faultyApps"]!);
            backup ??= await SendAsync(program, HttpMethod.Get, "backup");

            var restored = 0;
            var restoring = RestoreAsync(program, backup, () => restored++);
            await program.UntilAsync(() => restoring.IsCompleted || restored >= round, "restored");
            await program.KillAsync();
            await restoring;
        }
    }

    private static async Task RestoreAsync(StandaloneProcess program, byte[] backup, Action done)
    {
        try
        {
            while (true)
            {
                await program.PromoteAsync("beta", "stable");
                await SendAsync(program, HttpMethod.Post, "restore?overwrite", backup);
                done();
            }
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }

    private static async Task<byte[]> SendAsync(StandaloneProcess program, HttpMethod method, string path, byte[]? body = null)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(method, new Uri(program.Control, $"/api/v1/{path}"));
        if (body is not null) request.Content = new ByteArrayContent(body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(program.TokenPath)).Trim());
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
        return answer;
    }
}
