using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>The control plane, a process of its own, is killed at each command of a change in turn: the store holds the old state or the new one, and whoever comes next goes on from there.</summary>
public sealed class KilledControlPlaneTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_control_plane_that_is_killed_in_a_change_leaves_the_old_state_or_the_new_one(bool afterwards)
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        await using var store = new RedisServerProcess();
        await store.StartAsync();
        await using var witness = await ControlSite.StartWithTokensAsync(store.Configuration);
        for (var step = 1; ; step++)
        {
            Assert.InRange(step, 1, 50);
            ControlProcess? process = null;
            await using var proxy = new CuttingProxy(store.Port, () => process!.KillAsync());
            await using (var control = process = ControlProcess.Start(proxy.Configuration))
            {
                using var http = control.Client(witness.Operator);
                await ControlProcess.UntilItAnswersAsync(http);
                var before = (await witness.Store.ReadHeadAsync()).Version.Revision;
                proxy.CutAt(step, afterwards);

                var answer = await ApplyAsync(http, $"app-{step}");

                if (proxy.IsCut) await proxy.Cut;
                var after = (await witness.Store.ReadHeadAsync()).Version.Revision;
                var (one, two) = (await witness.Store.ReadAppAsync($"app-{step}-one"), await witness.Store.ReadAppAsync($"app-{step}-two"));
                Assert.Equal((after > before, after > before), (one is not null, two is not null));
                var entry = (await witness.Audit.ReadLastAsync())!;
                Assert.Equal(after, entry.Revision);
                if (after > before) Assert.Equal([$"app-{step}-one", $"app-{step}-two"], entry.Apps.Select(app => app.App));
                if (answer is HttpStatusCode.OK) Assert.Equal(before + 1, after);
                if (!proxy.IsCut)
                {
                    Assert.Equal(HttpStatusCode.OK, answer);
                    return;
                }

                // Another one goes on at once: nothing is locked, and nothing has to be cleared away.
                Assert.Equal(200, (await witness.PostAsync("apply", SampleFile.App($"after-{step}", "1.0"))).Status);
            }
        }
    }

    /// <summary>Null: the control plane died before it answered.</summary>
    private static async Task<HttpStatusCode?> ApplyAsync(HttpClient http, string name)
    {
        try
        {
            using var body = new StringContent($$"""{ "apps": [ {{SampleFile.App($"{name}-one", "1.0")}}, {{SampleFile.App($"{name}-two", "1.0")}} ] }""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("api/v1/apply", UriKind.Relative), body);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
