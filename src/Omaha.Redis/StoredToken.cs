using System.Text.Json.Serialization;

namespace Omaha.Redis;

/// <summary>An access token of the control plane. The secret itself is never stored.</summary>
/// <param name="Id">Public part of the token, by which it is found and revoked.</param>
/// <param name="Role">What its holder may do.</param>
/// <param name="Name">Who holds it, for people and the audit log.</param>
/// <param name="Hash">SHA-256 of the secret, in lower-case hexadecimal.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoredToken(string Id, string Role, string Name, string Hash, DateTimeOffset CreatedAt)
{
    /// <summary>From when on it lets nobody in; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Normalised ids of the only apps that its holder may change; null where the role is not limited to apps.</summary>
    public IReadOnlyList<string>? Apps { get; init; }

    /// <summary>The only channels that its holder may move; null where the role is not limited to channels.</summary>
    public IReadOnlyList<string>? Channels { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredToken))]
internal sealed partial class StoredTokenJson : JsonSerializerContext;
