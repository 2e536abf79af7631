using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>One app as it is stored: what was declared (<see cref="Spec"/>) and what operators did (<see cref="State"/>).</summary>
/// <remarks>
/// The two are kept apart so that applying an old file again can never lift a brake or undo a promotion: <c>apply</c> writes the spec only,
/// and the verbs of operators write the state only.
/// </remarks>
public sealed class AppDocument : DocumentNode
{
    /// <summary>The app id as operators write it; it is matched without regard to case, outer braces and outer white space.</summary>
    public string? App { get; set; }

    /// <summary>Features a server must know to answer for this app. One that lacks any of them answers noupdate for this app, visibly.</summary>
    public List<string>? Requires { get; set; }

    public AppSpec? Spec { get; set; }

    public AppState? State { get; set; }
}

/// <summary>The part of every document object that collects keys we do not know, so that a misspelt key is reported instead of ignored.</summary>
public abstract class DocumentNode
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownKeys { get; set; }
}
