using Microsoft.Extensions.Logging.Abstractions;

namespace Omaha.Server.Tests;

/// <summary>Holds as overload makes them.</summary>
internal static class Load
{
    /// <summary>No overload.</summary>
    public static LoadHold None => Of(new OverloadOptions());

    /// <summary>So much that every request is held.</summary>
    public static LoadHold Full
    {
        get
        {
            var load = Of(new OverloadOptions());
            while (load.Share < 100) load.Observe(TimeSpan.FromSeconds(1), 1);
            return load;
        }
    }

    public static LoadHold Of(OverloadOptions options) => new(options, NullLogger<LoadHold>.Instance);
}
