using System.Text.Json.Serialization.Metadata;

namespace Omaha.Control;

/// <summary>One route of the API: what it takes, what it answers, and who may call it. Requests are mapped and described from the same table.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">Below <c>/api/v1</c>, with the names of its values in braces.</param>
/// <param name="Needed">The least role that may call it. Where that is the promoter, the path names <c>{id}</c> and <c>{channel}</c>, to which a promoter is limited.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Handler">Answers it.</param>
internal sealed record ApiRoute(string Method, string Path, Role Needed, string Summary, Func<ApiCall, Task<Reply>> Handler)
{
    /// <summary>The query keys that it knows.</summary>
    public QueryKey[] Query { get; init; } = [];

    /// <summary>Type of its body; null when it takes none.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>Type of its answer; null when that is JSON of a form of its own.</summary>
    public JsonTypeInfo? Answer { get; init; }

    /// <summary>True: the body is a backup, of JSON lines.</summary>
    public bool TakesLines { get; init; }

    /// <summary>True: the answer is a backup, of JSON lines.</summary>
    public bool GivesLines { get; init; }
}

/// <summary>A query key.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Meaning">In one line.</param>
internal sealed record QueryKey(string Name, string Meaning);
