namespace Omaha.Control;

/// <summary>What the holder of a token may do; each role includes the ones before it.</summary>
public enum Role
{
    /// <summary>Reads everything but tokens.</summary>
    Viewer,

    /// <summary>Changes the catalogue too.</summary>
    Operator,
}

internal static class Roles
{
    public const string All = "viewer, operator";

    public static string Name(this Role role) => role == Role.Viewer ? "viewer" : "operator";

    public static Role? Parse(string? name) => name switch
    {
        "viewer" => Role.Viewer,
        "operator" => Role.Operator,
        _ => null,
    };
}
