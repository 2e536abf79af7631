namespace Omaha.Faults;

/// <summary>One fault: how it is made, where it shows, how it ends, and what machines may be told meanwhile.</summary>
/// <param name="Name">How it is chosen.</param>
/// <param name="What">It in a few words.</param>
internal sealed record FaultCase(string Name, string What)
{
    /// <summary>Whether it is one of the few that are run with every change of the code.</summary>
    public bool IsQuick { get; init; }

    public Func<StoreShape> NewStore { get; init; } = static () => new SingleStore();

    /// <summary>Settings of the servers beyond those that they need.</summary>
    public string[] ServerSettings { get; init; } = [];

    /// <summary>Why it cannot be made here; null when it can.</summary>
    public string? SkipReason { get; init; }

    /// <summary>What is done to a server before it starts.</summary>
    public Func<ServerProcess, Task> Prepare { get; init; } = static _ => Task.CompletedTask;

    /// <summary>What is done to the site once it is there, before anything is measured.</summary>
    public Func<Site, Task> Arrange { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Makes the fault.</summary>
    public required Func<Site, Task> Inject { get; init; }

    /// <summary>Whether operators can see it; null: there is nothing to see.</summary>
    public Func<Site, Task<bool>>? IsVisible { get; init; }

    /// <summary>Ends the fault, or waits for its end. The time to recover counts from then.</summary>
    public Func<Site, Task> Heal { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Returns when the site has recovered: when what is published now is what every server offers.</summary>
    public Func<Site, Task> Recover { get; init; } = static async site =>
    {
        await site.PublishAsync(FaultRunner.Next);
        await site.UntilAllAnswerAsync(FaultCatalog.Offer(FaultRunner.Next));
    };

    /// <summary>What is left to do after the recovery was measured.</summary>
    public Func<Site, Task> Finish { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Longest time that the recovery may take; null: it is only told.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Right answers while the fault lasts, beyond the versions before and after it.</summary>
    public string[] AlsoRight { get; init; } = [];
}
