namespace Omaha.Catalog;

/// <summary>Who did something.</summary>
/// <param name="Name">The name that the token was made with; for a program of ours what it calls itself.</param>
/// <param name="Role">The role at that time; <see cref="StoreAccess"/> for who needed no token.</param>
/// <param name="Token">Public id of the token; null where none was needed.</param>
/// <param name="Address">Where the request came from, as the control plane saw it, so that of a proxy in between; null for a program on the store itself.</param>
public sealed record AuditActor(string Name, string Role, string? Token = null, string? Address = null)
{
    /// <summary>The role of a program that may write to the store without asking anybody.</summary>
    public const string StoreAccess = "store";

    /// <summary>The control plane, where nobody told it to.</summary>
    public static AuditActor ControlPlane { get; } = new("control plane", StoreAccess);
}
