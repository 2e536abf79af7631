using System.Text;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>A body with one fault, beside the nearest one without it.</summary>
public sealed class Fault
{
    private readonly string _name;
    private readonly Exchange _answered;
    private readonly Exchange _refused;

    private Fault(string name, Exchange answered, Exchange refused) => (_name, _answered, _refused) = (name, answered, refused);

    /// <summary>A fault, checked to be answered and refused as it says.</summary>
    public static Fault Of(string name, Refusal refusal, string without, string with) => Of(name, refusal, Encoding.UTF8.GetBytes(without), Encoding.UTF8.GetBytes(with));

    /// <inheritdoc cref="Of(string, Refusal, string, string)"/>
    public static Fault Of(string name, Refusal refusal, byte[] without, byte[] with) => new(name, new Exchange(without, Refusal.None), new Exchange(with, refusal));

    public Refusal AnswerWithout() => _answered.Answer();

    public Refusal Refuse() => _refused.Answer();

    public override string ToString() => _name;
}
