using System.Text.Json.Serialization;

namespace Omaha.Redis;

/// <summary>An access token of the control plane. The secret itself is never stored.</summary>
/// <param name="Id">Public part of the token, by which it is found and revoked.</param>
/// <param name="Role">What its holder may do.</param>
/// <param name="Name">Who holds it, for people and the audit log.</param>
/// <param name="Hash">SHA-256 of the secret, in lower-case hexadecimal.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoredToken(string Id, string Role, string Name, string Hash, DateTimeOffset CreatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredToken))]
internal sealed partial class StoredTokenJson : JsonSerializerContext;
