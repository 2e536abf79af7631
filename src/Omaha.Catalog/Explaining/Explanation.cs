namespace Omaha.Catalog;

/// <summary>What a machine is answered, and every rule that led there.</summary>
/// <param name="Decision">The decision, as the metrics name it.</param>
/// <param name="Version">What is offered; null for nothing.</param>
/// <param name="Summary">The answer and its reason in a line.</param>
/// <param name="Rules">The rules in the order in which they were applied; the last one decided.</param>
public sealed record Explanation(Decision Decision, string? Version, string Summary, IReadOnlyList<ExplainedRule> Rules);

/// <summary>One rule.</summary>
/// <param name="Rule">Which: app, track, pauses, target, group, node, candidate, floor, time.</param>
/// <param name="Words">What it found, for an operator.</param>
public sealed record ExplainedRule(string Rule, string Words);
