using Microsoft.Extensions.Configuration;
using Omaha.Hosting;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>The program's own command line and settings.</summary>
public sealed class ControlProgramTests
{
    [Fact]
    public async Task A_token_made_on_a_fresh_store_lets_its_holder_in()
    {
        await using var store = new GarnetInProcess();
        await store.StartAsync();

        var made = await Run.ControlAsync("token", "create", "--role", "operator", "--name", "olivia", $"--Redis:Configuration={store.Configuration}");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Matches("^omaha_[0-9a-f]{12}_[0-9a-f]{64}\n$", made.Output);
        await using var control = await ControlSite.StartAsync(store.Configuration);
        Assert.False((await control.Store.ReadHeadAsync()).Version.IsNone);
        Assert.Equal(200, (await control.SendAsync("POST", "pause", authorization: $"Bearer {made.Output.Trim()}")).Status);
        Assert.Equal("olivia", (await control.Store.ReadHeadAsync()).Brakes.PauseAll!.By);
    }

    [Fact]
    public async Task Tokens_are_listed_without_secrets_and_revoked()
    {
        await using var store = new GarnetInProcess();
        await store.StartAsync();
        var redis = $"--Redis:Configuration={store.Configuration}";
        var token = (await Run.ControlAsync("token", "create", "--role", "viewer", redis)).Output.Trim().Split('_');

        var list = (await Run.ControlAsync("token", "list", redis)).Output;
        Assert.StartsWith($"{token[1]}  20", list, StringComparison.Ordinal);
        Assert.EndsWith($"  viewer for viewer-{token[1]}\n", list, StringComparison.Ordinal);
        Assert.DoesNotContain(token[2], list, StringComparison.Ordinal);

        var unknown = await Run.ControlAsync("token", "revoke", "nothing", redis);
        Assert.Equal((1, $"There is no token \"nothing\"; there are {token[1]}.\n"), (unknown.ExitCode, unknown.Error));
        Assert.Equal($"Token {token[1]} is revoked.\n", (await Run.ControlAsync("token", "revoke", string.Join('_', token), redis)).Output);
        Assert.Equal("", (await Run.ControlAsync("token", "list", redis)).Output);
    }

    [Theory]
    [InlineData("token create", "--role")]
    [InlineData("token create --role boss", "'operator'")]
    [InlineData("token create --role viewer --name \u0001", "is no name")]
    [InlineData("token create --role viewer --nmae x", "\"--nmae\" is not understood")]
    [InlineData("token", "Required command")]
    [InlineData("serve", "\"serve\" is not understood")]
    [InlineData("--Listen:Control=nowhere", "Listen:Control = \"nowhere\" is not usable")]
    [InlineData("--Listen:Control=http://0.0.0.0:8081", "set Control:AllowInsecure to true")]
    [InlineData("--Listen:Control=http://control.example.test:8081", "an IP address or localhost")]
    [InlineData("--Listen:Control=http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("--Listen:Control=https://127.0.0.1:8081", "Tls:CertificateFile and Tls:KeyFile")]
    [InlineData("--Listen:Contrl=http://127.0.0.1:8081", "Listen:Contrl = \"http://127.0.0.1:8081\" is unknown")]
    [InlineData("token create --role promoter --app a", "--channel: is missing; a promoter is limited to channels")]
    [InlineData("token create --role viewer --expires never", "--expires: \"never\" is no time to come")]
    [InlineData("--Audit:Retention=0", "Audit:Retention = \"0\" is not usable: it must be a whole number from 1 to 3650")]
    [InlineData("--Audit:Retain=1", "Audit:Retain = \"1\" is unknown: Audit has Audit:Retention")]
    [InlineData("--Control:AllowInsecure=yes", "Control:AllowInsecure = \"yes\" is not usable: it must be true or false")]
    [InlineData("--Redis:Configuration=127.0.0.1,pasword=secret", "Redis:Configuration = \"(not shown)\" is not usable")]
    public async Task What_cannot_be_used_stops_the_program_with_2_and_one_message(string line, string words)
    {
        var run = await Run.ControlAsync(line.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_with_1()
    {
        await using var store = new GarnetInProcess();

        var run = await Run.ControlAsync("token", "list", $"--Redis:Configuration={store.Configuration},connectTimeout=500");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Redis:Configuration", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_said_with_2()
    {
        await using var store = new GarnetInProcess();
        await store.StartAsync();

        var run = await Run.ControlAsync($"--Listen:Control=http://{store.Configuration}", $"--Redis:Configuration={store.Configuration}");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(store.Configuration, Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_arrives()
    {
        var options = ControlOptions.Read(Settings(("Listen:Control", "http://0.0.0.0:1234"), ("Redis:Configuration", "redis-1:6380,ssl=true"), ("Control:AllowInsecure", "true"), ("Audit:Retention", "30")));

        Assert.Equal(("http://0.0.0.0:1234/", "redis-1:6380,ssl=true", true, TimeSpan.FromDays(30)), (options.Listen.ToString(), options.Redis.Configuration, options.AllowInsecure, options.AuditRetention));
    }

    [Fact]
    public void Defaults_suit_one_machine()
    {
        var options = ControlOptions.Read(Settings());

        Assert.Equal(("http://127.0.0.1:8081/", "127.0.0.1:6379", false, TimeSpan.FromDays(400)), (options.Listen.ToString(), options.Redis.Configuration, options.AllowInsecure, options.AuditRetention));
    }

    [Fact]
    public void Settings_of_the_other_programs_and_of_nobody_do_not_matter()
    {
        ControlOptions.Read(Settings(("Listen:Public", "http://0.0.0.0:8080"), ("Listen:Ops", "http://0.0.0.0:9090"), ("HOME", "/root"), ("Something:Else", "1")));
    }

    [Fact]
    public void All_bad_settings_are_named_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => ControlOptions.Read(Settings(("Listen:Control", "x"), ("Control:AllowInsecure", "y"), ("Control:Unknown", "z"))));

        Assert.Equal(["Listen:Control", "Control:AllowInsecure", "Control:Unknown"], error.Message.Split(Environment.NewLine).Select(line => line.Split(' ')[0]));
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
