using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Makes readouts that grow like the spike counts of a network: every class fires at random, the true one more often, some samples hardly at all.</summary>
internal static class TraceMaker
{
    public static ExitTraces Counts(RandomStream random, int samples, int steps, int classes)
    {
        float[] readouts = new float[samples * steps * classes];
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            labels[i] = random.NextInt32(classes);
            double contrast = 0.05 + 0.5 * random.NextDouble();
            for (int t = 0; t < steps; t++)
            {
                for (int k = 0; k < classes; k++)
                {
                    int at = (i * steps + t) * classes + k;
                    double rate = k == labels[i] ? 0.2 + contrast : 0.2;
                    readouts[at] = (t == 0 ? 0 : readouts[at - classes]) + (random.NextDouble() < rate ? 1 : 0);
                }
            }
        }
        return new ExitTraces(readouts, steps, classes, labels);
    }

    /// <summary>Makes one-step samples whose labels are drawn from softmax(z/α): their best temperature is α.</summary>
    public static ExitTraces Calibrated(RandomStream random, int samples, int classes, double temperature)
    {
        float[] readouts = new float[samples * classes];
        int[] labels = new int[samples];
        double[] weights = new double[classes];
        for (int i = 0; i < samples; i++)
        {
            double sum = 0;
            for (int k = 0; k < classes; k++)
            {
                float z = (float)(2 * temperature * random.NextGaussian());
                readouts[i * classes + k] = z;
                sum += weights[k] = DeterministicMath.Exp(z / temperature);
            }
            double at = random.NextDouble() * sum;
            for (int k = 0; k < classes - 1 && (at -= weights[k]) >= 0; k++) labels[i] = k + 1;
        }
        return new ExitTraces(readouts, 1, classes, labels);
    }
}
