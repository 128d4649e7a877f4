using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Changes parameters along their gradients.</summary>
/// <remarks>Its <see cref="State"/> is part of a checkpoint: together with the parameters it determines all further steps. Not thread-safe.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public abstract class Optimiser<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected Optimiser(IReadOnlyList<Parameter<T>> parameters, double weightDecay, int moments)
    {
        Parameters = parameters;
        WeightDecay = weightDecay;
        Moments = parameters.Select(p => Enumerable.Range(0, moments).Select(_ => new T[p.Value.Length]).ToArray()).ToArray();
        State = parameters.SelectMany((p, i) => Moments[i].Select((m, k) => ($"{p.Name}.moment{k}", m))).ToArray();
    }

    /// <summary>Gets what is changed.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; }

    /// <summary>Gets or sets how many steps were made.</summary>
    public long Steps { get; set; }

    /// <summary>Gets the moments by name.</summary>
    public IReadOnlyList<(string Name, T[] Values)> State { get; }

    /// <summary>Gets a text that names the method and its settings; part of the hash in checkpoints.</summary>
    public abstract string Description { get; }

    private protected T[][][] Moments { get; }

    /// <summary>Makes one step along the gradients, which are left as they are.</summary>
    /// <param name="rate">The learning rate.</param>
    public void Step(double rate)
    {
        Steps++;
        Begin();
        for (int i = 0; i < Parameters.Count; i++)
        {
            var p = Parameters[i];
            Update(p, Moments[i], rate * p.RateScale, p.Decays ? WeightDecay : 0);
            if (double.IsFinite(p.Bound))
            {
                T bound = T.CreateTruncating(p.Bound);
                for (int k = 0; k < p.Value.Length; k++) p.Value[k] = T.Clamp(p.Value[k], -bound, bound);
            }
        }
    }

    /// <summary>Scales all gradients down so that their common norm is at most a bound.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="bound">The bound; infinite = only measure.</param>
    /// <returns>The norm before.</returns>
    public static double ClipByNorm(IReadOnlyList<Parameter<T>> parameters, double bound)
    {
        double sum = 0;
        for (int k = 0; k < parameters.Count; k++)
        {
            double part = 0;
            foreach (T g in parameters[k].Gradient) part += double.CreateTruncating(g) * double.CreateTruncating(g);
            sum += part;
        }
        double norm = Math.Sqrt(sum);
        if (!(norm > bound)) return norm;
        var scale = Lanes.Of<T>(bound / norm);
        for (int k = 0; k < parameters.Count; k++)
        {
            T[] gradient = parameters[k].Gradient;
            for (int i = 0; i < gradient.Length; i += Vector<T>.Count) Lanes.Store(scale * Lanes.Load<T>(gradient, i), gradient, i);
        }
        return norm;
    }

    /// <summary>Prepares a step; <see cref="Steps"/> counts it already.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>Changes one parameter.</summary>
    private protected abstract void Update(Parameter<T> parameter, T[][] moments, double rate, double decay);
}
