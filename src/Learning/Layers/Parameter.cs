using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Numbers that training changes, with their gradient.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="name">The name, unique in its network.</param>
/// <param name="count">How many numbers.</param>
public sealed class Parameter<T>(string name, int count) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Gets the name, unique in its network.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the numbers.</summary>
    public T[] Value { get; } = new T[count];

    /// <summary>Gets the gradient of the loss; layers add to it.</summary>
    public T[] Gradient { get; } = new T[count];

    /// <summary>Gets what the learning rate is multiplied by.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Gets whether weight decay applies; not to biases, scales, time constants and delays.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>Gets the bound that values are clamped to after each step, ± this; infinite = none.</summary>
    public double Bound { get; init; } = double.PositiveInfinity;

    /// <summary>Fills the values uniformly in ± <paramref name="bound"/>.</summary>
    /// <param name="random">The generator; the parameter's name selects its own numbers.</param>
    /// <param name="bound">The bound.</param>
    public void Randomize(CounterRandom random, double bound)
    {
        var own = random.For(RandomStream.Fnv1a(Name));
        for (int i = 0; i < Value.Length; i++) Value[i] = T.CreateTruncating(own.Uniform((ulong)i, -bound, bound));
    }
}
