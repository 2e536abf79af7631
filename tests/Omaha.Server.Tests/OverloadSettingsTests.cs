using Microsoft.Extensions.Configuration;
using Omaha.Hosting;

namespace Omaha.Server.Tests;

/// <summary>The settings for overload, limits and draining.</summary>
public sealed class OverloadSettingsTests
{
    private static ServerOptions Read(params (string Key, string Value)[] settings) =>
        ServerOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value)).Build());

    [Fact]
    public void Every_setting_arrives()
    {
        var options = Read(
            ("Overload:Hold", "false"), ("Overload:Lag", "0.5"), ("Overload:Cpu", "80"), ("Overload:PollInterval", "7200"), ("Overload:RetryAfter", "60"),
            ("Limits:Connections", "100"), ("Limits:AcceptRate", "50"), ("Limits:HeadersTimeout", "3"), ("Limits:IdleTimeout", "20"), ("Limits:DataRate", "500"), ("Limits:DataGrace", "4"), ("Limits:HeaderBytes", "2048"),
            ("Drain:Time", "12"));

        Assert.False(options.Overload.Hold);
        Assert.Equal(TimeSpan.FromSeconds(0.5), options.Overload.Lag);
        Assert.Equal(80, options.Overload.Cpu);
        Assert.Equal(7200, options.Overload.PollInterval);
        Assert.Equal(60, options.Overload.RetryAfter);
        Assert.Equal(100, options.Limits.Connections);
        Assert.Equal(50, options.Limits.AcceptRate);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Limits.HeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), options.Limits.IdleTimeout);
        Assert.Equal(500, options.Limits.DataRate);
        Assert.Equal(TimeSpan.FromSeconds(4), options.Limits.DataGrace);
        Assert.Equal(2048, options.Limits.HeaderBytes);
        Assert.Equal(TimeSpan.FromSeconds(12), options.DrainTime);
    }

    [Fact]
    public void Defaults_are_those_of_an_empty_configuration()
    {
        ServerOptions read = Read(), made = new();
        Assert.Equivalent(made.Overload, read.Overload);
        Assert.Equivalent(made.Limits, read.Limits);
        Assert.Equal(made.DrainTime, read.DrainTime);
    }

    [Theory]
    [InlineData("Overload:Lag", "0", "seconds from 0.001 to 60")]
    [InlineData("Overload:Cpu", "101", "a whole number from 5 to 100")]
    [InlineData("Overload:RetryAfter", "86401", "a whole number from 1 to 86400")]
    [InlineData("Overload:Hold", "maybe", "true or false")]
    [InlineData("Limits:Connections", "0", "a whole number from 1 to 1000000")]
    [InlineData("Limits:DataGrace", "1", "seconds from 2 to 120")]
    [InlineData("Limits:HeaderBytes", "100", "a whole number from 1024 to 65536")]
    [InlineData("Drain:Time", "-1", "seconds from 0 to 600")]
    public void Value_out_of_range_is_named_with_what_is_allowed(string key, string value, string allowed) =>
        Assert.Contains($"{key} = \"{value}\" is not usable: it must be {allowed}.", Assert.Throws<SettingsException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Misspelt_key_is_found() =>
        Assert.Contains("Limits:Connection = \"5\" is unknown", Assert.Throws<SettingsException>(() => Read(("Limits:Connection", "5"))).Message, StringComparison.Ordinal);
}
