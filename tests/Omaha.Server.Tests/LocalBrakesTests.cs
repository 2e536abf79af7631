using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omaha.Catalog;

namespace Omaha.Server.Tests;

/// <summary>The brake in a server's own configuration.</summary>
public sealed class LocalBrakesTests
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();

    private LocalBrakes Brakes(CatalogSnapshot? snapshot = null) =>
        new(new FixedCatalog(snapshot ?? Fleet.Snapshot(Fleet.Flatcar())), _configuration, new FakeTimeProvider(), NullLogger<LocalBrakes>.Instance);

    private void Set(string? value)
    {
        _configuration[LocalBrakes.Key] = value;
        _configuration.Reload();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("on", true)]
    public void Brake_holds_while_it_is_set_and_when_it_cannot_be_read(string? value, bool isPaused)
    {
        Set(value);
        using var brakes = Brakes();
        Assert.Equal(isPaused, brakes.Current.Brakes.PauseAll is not null);
    }

    [Fact]
    public void Change_of_the_configuration_is_heeded_at_once()
    {
        using var brakes = Brakes();
        Assert.Null(brakes.Current.Brakes.PauseAll);
        Set("true");
        Assert.NotNull(brakes.Current.Brakes.PauseAll);
        Assert.Same(brakes.Current, brakes.Current);
        Set("false");
        Assert.Null(brakes.Current.Brakes.PauseAll);
    }

    [Fact]
    public void Brakes_of_the_store_hold_besides()
    {
        var editor = Fleet.Snapshot(Fleet.Flatcar()).Edit();
        editor.Brakes = new Brakes { PauseAll = new Mark { By = "operator" }, PollInterval = new PollBrake { Seconds = 600 } };
        Set("true");
        using var brakes = Brakes(editor.Build());
        Assert.Equal("operator", brakes.Current.Brakes.PauseAll!.By);
        Assert.Equal(600, brakes.Current.Brakes.PollInterval!.Seconds);
        Set(null);
        Assert.Equal("operator", brakes.Current.Brakes.PauseAll!.By);
    }
}
