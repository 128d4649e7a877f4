using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Learning;

/// <summary>Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where the decay does not go through the moments.</summary>
/// <typeparam name="T">float or double.</typeparam>
public class Adam<T> : Optimiser<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes an optimiser.</summary>
    /// <param name="parameters">What is changed.</param>
    /// <param name="beta1">How long the mean of the gradient remembers.</param>
    /// <param name="beta2">How long the mean of its square remembers.</param>
    /// <param name="epsilon">What is added to the root.</param>
    /// <param name="weightDecay">The weight decay.</param>
    /// <param name="decoupled">Whether weights decay on their own (AdamW) instead of through the gradient.</param>
    public Adam(IReadOnlyList<Parameter<T>> parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool decoupled = false)
        : base(parameters, weightDecay, moments: 2) => (Beta1, Beta2, Epsilon, Decoupled) = (beta1, beta2, epsilon, decoupled);

    /// <summary>Gets how long the mean of the gradient remembers.</summary>
    public double Beta1 { get; }

    /// <summary>Gets how long the mean of its square remembers.</summary>
    public double Beta2 { get; }

    /// <summary>Gets what is added to the root.</summary>
    public double Epsilon { get; }

    /// <summary>Gets whether weights decay on their own.</summary>
    public bool Decoupled { get; }

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"adam beta1={Beta1} beta2={Beta2} epsilon={Epsilon} decay={WeightDecay} decoupled={Decoupled}");

    /// <summary>Gets how many steps the first moment has seen since it was last zero; this one included.</summary>
    private protected virtual long FirstMomentSteps => Steps;

    /// <summary>Gets how many steps the second moment has seen since it was last zero; this one included.</summary>
    private protected virtual long SecondMomentSteps => Steps;

    /// <summary>Gets what the rate is multiplied by in this step.</summary>
    private protected virtual double Warmup => 1;

    /// <summary>Gets θ: a gradient whose square is above θ·v is cut to √(θ·v); infinite = none is.</summary>
    private protected virtual double SpikeThreshold => double.PositiveInfinity;

    private protected override void Update(Parameter<T> parameter, T[][] moments, double rate, double decay)
    {
        T[] w = parameter.Value, m = moments[0], v = moments[1];
        double correction1 = 1 - DeterministicMath.Pow(Beta1, FirstMomentSteps), correction2 = 1 - DeterministicMath.Pow(Beta2, SecondMomentSteps);
        Vector<T> b1 = Lanes.Of<T>(Beta1), c1 = Lanes.Of<T>(1 - Beta1), b2 = Lanes.Of<T>(Beta2), c2 = Lanes.Of<T>(1 - Beta2), epsilon = Lanes.Of<T>(Epsilon);
        Vector<T> step = Lanes.Of<T>(rate * Warmup / correction1), scale = Lanes.Of<T>(1 / Math.Sqrt(correction2));
        Vector<T> fade = Lanes.Of<T>(Decoupled ? 0 : decay), shrink = Lanes.Of<T>(Decoupled ? 1 - rate * Warmup * decay : 1);
        bool cuts = double.IsFinite(SpikeThreshold) && SecondMomentSteps > 1;
        var root = Lanes.Of<T>(cuts ? Math.Sqrt(SpikeThreshold) : 0);
        var formula = new Formula(b1, c1, b2, c2, step, scale, epsilon, fade, shrink, root, cuts);
        ref T pw = ref MemoryMarshal.GetArrayDataReference(w);
        ref T pg = ref MemoryMarshal.GetArrayDataReference(parameter.Gradient);
        ref T pm = ref MemoryMarshal.GetArrayDataReference(m);
        ref T pv = ref MemoryMarshal.GetArrayDataReference(v);
        int i = 0;
        // The four arrays are as long as each other, so the registers below lie inside; checks per register cost a third of the step.
        for (; i <= w.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> value = Vector.LoadUnsafe(ref pw, (nuint)i), first = Vector.LoadUnsafe(ref pm, (nuint)i), second = Vector.LoadUnsafe(ref pv, (nuint)i);
            formula.Run(Vector.LoadUnsafe(ref pg, (nuint)i), ref value, ref first, ref second);
            first.StoreUnsafe(ref pm, (nuint)i);
            second.StoreUnsafe(ref pv, (nuint)i);
            value.StoreUnsafe(ref pw, (nuint)i);
        }
        if (i < w.Length)
        {
            Vector<T> value = Lanes.Load<T>(w, i), first = Lanes.Load<T>(m, i), second = Lanes.Load<T>(v, i);
            formula.Run(Lanes.Load<T>(parameter.Gradient, i), ref value, ref first, ref second);
            Lanes.Store(first, m, i);
            Lanes.Store(second, v, i);
            Lanes.Store(value, w, i);
        }
    }

    private readonly struct Formula(
        Vector<T> b1, Vector<T> c1, Vector<T> b2, Vector<T> c2, Vector<T> step, Vector<T> scale, Vector<T> epsilon, Vector<T> fade, Vector<T> shrink, Vector<T> root, bool cuts)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<T> gradient, ref Vector<T> value, ref Vector<T> first, ref Vector<T> second)
        {
            var g = gradient + fade * value;
            if (cuts)
            {
                var most = root * Vector.SquareRoot(second);
                // Where v is still zero there is nothing to compare with.
                var limited = Vector.Min(most, Vector.Max(-most, g));
                g = Vector.ConditionalSelect(Vector.GreaterThan(second, Vector<T>.Zero), limited, g);
            }
            first = b1 * first + c1 * g;
            second = b2 * second + c2 * g * g;
            value = shrink * value - step * first / (scale * Vector.SquareRoot(second) + epsilon);
        }
    }
}
