namespace Omaha.Load.Tests;

/// <summary>What may be asked for, and what is said about the rest.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Loading _loading = new();

    public void Dispose() => _loading.Dispose();

    [Theory]
    [InlineData("http://192.0.2.1:8080/v1/update", "192.0.2.1 (192.0.2.1) is another machine. Load only what is yours; to say that it is, add --i-own-this-host 192.0.2.1")]
    [InlineData("http://[2001:db8::1]/v1/update", "is another machine")]
    public async Task Another_machine_is_not_loaded(string url, string complaint) => await IsWrongAsync(complaint, url, "--body", _loading.Body);

    [Fact]
    public async Task Another_machine_is_not_loaded_when_somebody_owns_a_different_one() =>
        await IsWrongAsync("--i-own-this-host \"192.0.2.2\" is not the host of http://192.0.2.1/v1/update: it must be 192.0.2.1", "http://192.0.2.1/v1/update", "--body", _loading.Body, "--i-own-this-host", "192.0.2.2");

    [Fact]
    public void Another_machine_is_loaded_when_somebody_owns_it() =>
        Assert.Equal("192.0.2.1:8080", Target.Resolve("http://192.0.2.1:8080/v1/update", "192.0.2.1").Address.ToString());

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://user@127.0.0.1/")]
    public async Task A_URL_that_cannot_be_asked_is_refused(string url) => await IsWrongAsync($"\"{url}\" is not usable: it must be a URL such as", url, "--body", _loading.Body);

    [Theory]
    [InlineData("--connections", "0", "a whole number from 1 to 10000")]
    [InlineData("--connections", "10001", "a whole number from 1 to 10000")]
    [InlineData("--connections", "many", "a whole number from 1 to 10000")]
    [InlineData("--duration", "3601", "a number from 0.1 to 3600")]
    [InlineData("--warm-up", "-1", "a number from 0 to 600")]
    [InlineData("--requests", "1000000001", "a whole number from 1 to 1000000000")]
    [InlineData("--rate", "NaN", "a number from 0.1 to 1000000")]
    [InlineData("--rate", "1000001", "a number from 0.1 to 1000000")]
    [InlineData("--nodes", "1.5", "a whole number from 1 to 100000000")]
    public async Task A_number_out_of_its_range_is_refused_with_the_range(string option, string value, string allowed) =>
        await IsWrongAsync($"{option} \"{value}\" is not usable: it must be {allowed}", "http://127.0.0.1:1/", "--body", _loading.Body, option, value);

    [Theory]
    [InlineData("--header", "no colon", "it must be NAME: VALUE")]
    [InlineData("--header", "Content-Length: 5", "the program writes Content-Length itself")]
    [InlineData("--header", "X: a\r\nY: b", "it must be NAME: VALUE")]
    [InlineData("--label", "=x", "it must be KEY=VALUE")]
    [InlineData("--pid", "2147483647", "is no process of this machine")]
    [InlineData("--json", "/nowhere/at/all.json", "cannot write \"/nowhere/at/all.json\"")]
    public async Task An_unusable_value_is_refused_with_what_would_be_right(string option, string value, string complaint) =>
        await IsWrongAsync(complaint, "http://127.0.0.1:1/", "--body", _loading.Body, option, value);

    [Fact]
    public async Task A_body_that_cannot_be_read_is_named()
    {
        var missing = _loading.FileFor("missing.xml");
        await IsWrongAsync($"cannot read the body \"{missing}\"", "http://127.0.0.1:1/", "--body", missing);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var large = _loading.Write("large.xml", new string('x', RequestTemplate.MostBytes + 1));
        await IsWrongAsync("has 1048577 bytes; at most 1048576 are taken", "http://127.0.0.1:1/", "--body", large);
    }

    [Fact]
    public async Task A_run_without_a_body_says_what_is_missing() => await IsWrongAsync("--body", "http://127.0.0.1:1/");

    private static async Task IsWrongAsync(string complaint, params string[] args)
    {
        var (exitCode, _, error) = await Loading.RunAsync(["run", .. args]);

        Assert.Contains(complaint, error, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }
}
