using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What the holder of a token may do; each role includes the ones before it.</summary>
public enum Role
{
    /// <summary>Reads everything but tokens and backups.</summary>
    Viewer,

    /// <summary>Moves certain channels of certain apps too, and nothing else.</summary>
    Promoter,

    /// <summary>Changes the whole catalogue too, and the brakes.</summary>
    Operator,

    /// <summary>Says who may do what too, makes backups and restores them.</summary>
    Admin,
}

internal static class Roles
{
    public static readonly string[] Names = [.. Enum.GetValues<Role>().Select(Name)];

    public static string Name(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.Promoter => "promoter",
        Role.Operator => "operator",
        _ => "admin",
    };

    public static Role? Parse(string? name) => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(role => role!.Value.Name() == name);

    /// <summary>The role of a stored token; null for one that this version does not know, which permits nothing.</summary>
    public static Role? RoleOf(this StoredToken token) => Parse(token.Role);
}
